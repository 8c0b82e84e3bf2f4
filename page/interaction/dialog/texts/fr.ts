export default {
  title: "Veuillez vous reconnecter",
  message: "Votre session est terminée. Reconnectez-vous pour continuer. Une fenêtre va s’ouvrir.",
  confirm: "Pour continuer, vous devez confirmer votre connexion. Une fenêtre va s’ouvrir.",
  continue: "Se connecter",
  decline: "Pas maintenant",
  waiting: "Terminez la connexion dans la fenêtre qui s’est ouverte.",
  show: "Afficher la fenêtre",
  popupClosed: "La fenêtre de connexion a été fermée.",
  popupBlocked: "Le navigateur a bloqué la fenêtre de connexion. Autorisez-la, puis réessayez.",
  failed: "La connexion a échoué.",
  tryAgain: "Réessayer",
};
