export default {
  title: "Faça login novamente",
  message: "Sua sessão terminou. Faça login novamente para continuar. Uma janela será aberta.",
  confirm: "Para continuar, é preciso confirmar seu login. Uma janela será aberta.",
  continue: "Fazer login",
  decline: "Agora não",
  waiting: "Conclua o login na janela que foi aberta.",
  show: "Mostrar a janela",
  popupClosed: "A janela de login foi fechada.",
  popupBlocked: "O navegador bloqueou a janela de login. Permita-a e tente novamente.",
  failed: "Não foi possível fazer login.",
  tryAgain: "Tentar novamente",
};
