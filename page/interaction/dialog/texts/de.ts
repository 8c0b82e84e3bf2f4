export default {
  title: "Bitte melden Sie sich erneut an",
  message:
    "Ihre Sitzung ist beendet. Melden Sie sich erneut an, um fortzufahren. Dazu öffnet sich ein Fenster.",
  confirm: "Um fortzufahren, müssen Sie Ihre Anmeldung bestätigen. Dazu öffnet sich ein Fenster.",
  consentTitle: "Ihre Zustimmung ist nötig",
  consent: "Um fortzufahren, erlauben Sie dieser App, Ihre Daten zu verwenden. Dazu öffnet sich ein Fenster.",
  consentContinue: "Weiter",
  continue: "Anmelden",
  decline: "Jetzt nicht",
  waiting: "Schließen Sie die Anmeldung in dem Fenster ab, das sich geöffnet hat.",
  show: "Fenster anzeigen",
  popupClosed: "Das Anmeldefenster wurde geschlossen.",
  popupBlocked:
    "Der Browser hat das Anmeldefenster blockiert. Lassen Sie es zu und versuchen Sie es dann erneut.",
  failed: "Die Anmeldung ist fehlgeschlagen.",
  tryAgain: "Erneut versuchen",
};
