export default {
  title: "Accedi di nuovo",
  message: "La sessione è terminata. Accedi di nuovo per continuare. Si aprirà una finestra.",
  confirm: "Per continuare è necessario confermare l’accesso. Si aprirà una finestra.",
  continue: "Accedi",
  decline: "Non ora",
  waiting: "Completa l’accesso nella finestra che si è aperta.",
  show: "Mostra la finestra",
  popupClosed: "La finestra di accesso è stata chiusa.",
  popupBlocked: "Il browser ha bloccato la finestra di accesso. Consentila, poi riprova.",
  failed: "Accesso non riuscito.",
  tryAgain: "Riprova",
};
