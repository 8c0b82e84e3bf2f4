export default {
  title: "Vuelva a iniciar sesión",
  message: "Su sesión ha finalizado. Vuelva a iniciar sesión para continuar. Se abrirá una ventana.",
  confirm: "Para continuar, confirme su inicio de sesión. Se abrirá una ventana.",
  continue: "Iniciar sesión",
  decline: "Ahora no",
  waiting: "Complete el inicio de sesión en la ventana que se ha abierto.",
  show: "Mostrar la ventana",
  popupClosed: "Se ha cerrado la ventana de inicio de sesión.",
  popupBlocked: "El navegador ha bloqueado la ventana de inicio de sesión. Permítala y vuelva a intentarlo.",
  failed: "No se ha podido iniciar sesión.",
  tryAgain: "Reintentar",
};
