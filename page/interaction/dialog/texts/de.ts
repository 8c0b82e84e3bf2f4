export default {
  title: "Bitte melden Sie sich erneut an",
  message: "Damit alles auf dieser Seite angezeigt werden kann, muss Ihre Anmeldung bestätigt werden.",
  continue: "Weiter",
  decline: "Jetzt nicht",
  waiting: "Schließen Sie die Anmeldung in dem Fenster ab, das sich geöffnet hat.",
  popupClosed: "Das Anmeldefenster wurde geschlossen.",
  popupBlocked:
    "Der Browser hat das Anmeldefenster blockiert. Lassen Sie es zu und versuchen Sie es dann erneut.",
  failed: "Die Anmeldung ist fehlgeschlagen.",
  tryAgain: "Erneut versuchen",
};
