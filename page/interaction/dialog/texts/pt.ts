export default {
  title: "Faça login novamente",
  message: "Para mostrar todo o conteúdo desta página, é preciso confirmar seu login.",
  continue: "Continuar",
  decline: "Agora não",
  waiting: "Conclua o login na janela que foi aberta.",
  popupClosed: "A janela de login foi fechada.",
  popupBlocked: "O navegador bloqueou a janela de login. Permita-a e tente novamente.",
  failed: "Não foi possível fazer login.",
  tryAgain: "Tentar novamente",
};
