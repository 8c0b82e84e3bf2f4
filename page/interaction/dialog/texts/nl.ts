export default {
  title: "Meld u opnieuw aan",
  message: "Uw sessie is beëindigd. Meld u opnieuw aan om door te gaan. Er wordt een venster geopend.",
  confirm: "Bevestig uw aanmelding om door te gaan. Er wordt een venster geopend.",
  consentTitle: "Uw toestemming is nodig",
  consent:
    "Geef deze app toestemming om uw gegevens te gebruiken om door te gaan. Er wordt een venster geopend.",
  consentContinue: "Doorgaan",
  continue: "Aanmelden",
  decline: "Niet nu",
  waiting: "Voltooi het aanmelden in het venster dat is geopend.",
  show: "Venster tonen",
  popupClosed: "Het aanmeldvenster is gesloten.",
  popupBlocked: "De browser heeft het aanmeldvenster geblokkeerd. Sta het toe en probeer het opnieuw.",
  failed: "Aanmelden is niet gelukt.",
  tryAgain: "Opnieuw proberen",
};
