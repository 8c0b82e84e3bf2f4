export default {
  title: "Inicie sessão novamente",
  message: "Para mostrar todo o conteúdo desta página, é necessário confirmar o seu início de sessão.",
  continue: "Continuar",
  decline: "Agora não",
  waiting: "Conclua o início de sessão na janela que foi aberta.",
  popupClosed: "A janela de início de sessão foi fechada.",
  popupBlocked: "O browser bloqueou a janela de início de sessão. Permita-a e tente novamente.",
  failed: "Não foi possível iniciar sessão.",
  tryAgain: "Tentar novamente",
};
