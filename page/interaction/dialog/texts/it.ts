export default {
  title: "Accedi di nuovo",
  message: "Per mostrare tutto il contenuto di questa pagina è necessario confermare l’accesso.",
  continue: "Continua",
  decline: "Non ora",
  waiting: "Completa l’accesso nella finestra che si è aperta.",
  popupClosed: "La finestra di accesso è stata chiusa.",
  popupBlocked: "Il browser ha bloccato la finestra di accesso. Consentila, poi riprova.",
  failed: "Accesso non riuscito.",
  tryAgain: "Riprova",
};
