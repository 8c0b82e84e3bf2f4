export default {
  title: "Veuillez vous reconnecter",
  message: "Pour afficher l’intégralité de cette page, votre connexion doit être confirmée.",
  continue: "Continuer",
  decline: "Pas maintenant",
  waiting: "Terminez la connexion dans la fenêtre qui s’est ouverte.",
  popupClosed: "La fenêtre de connexion a été fermée.",
  popupBlocked: "Le navigateur a bloqué la fenêtre de connexion. Autorisez-la, puis réessayez.",
  failed: "La connexion a échoué.",
  tryAgain: "Réessayer",
};
