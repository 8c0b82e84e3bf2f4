export default {
  title: "Inicie sessão novamente",
  message: "A sua sessão terminou. Inicie sessão novamente para continuar. Será aberta uma janela.",
  confirm: "Para continuar, é necessário confirmar o seu início de sessão. Será aberta uma janela.",
  continue: "Iniciar sessão",
  decline: "Agora não",
  waiting: "Conclua o início de sessão na janela que foi aberta.",
  show: "Mostrar a janela",
  popupClosed: "A janela de início de sessão foi fechada.",
  popupBlocked: "O browser bloqueou a janela de início de sessão. Permita-a e tente novamente.",
  failed: "Não foi possível iniciar sessão.",
  tryAgain: "Tentar novamente",
};
