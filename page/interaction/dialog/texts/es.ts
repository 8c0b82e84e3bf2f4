export default {
  title: "Vuelva a iniciar sesión",
  message: "Para mostrar todo el contenido de esta página, es necesario confirmar su inicio de sesión.",
  continue: "Continuar",
  decline: "Ahora no",
  waiting: "Complete el inicio de sesión en la ventana que se ha abierto.",
  popupClosed: "Se ha cerrado la ventana de inicio de sesión.",
  popupBlocked: "El navegador ha bloqueado la ventana de inicio de sesión. Permítala y vuelva a intentarlo.",
  failed: "No se ha podido iniciar sesión.",
  tryAgain: "Reintentar",
};
