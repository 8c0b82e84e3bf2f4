export default {
  title: "Meld u opnieuw aan",
  message: "Om alles op deze pagina te kunnen tonen, moet uw aanmelding worden bevestigd.",
  continue: "Doorgaan",
  decline: "Niet nu",
  waiting: "Voltooi het aanmelden in het venster dat is geopend.",
  popupClosed: "Het aanmeldvenster is gesloten.",
  popupBlocked: "De browser heeft het aanmeldvenster geblokkeerd. Sta het toe en probeer het opnieuw.",
  failed: "Aanmelden is niet gelukt.",
  tryAgain: "Opnieuw proberen",
};
