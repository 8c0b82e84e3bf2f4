export default {
  title: "Zaloguj się ponownie",
  message: "Sesja została zakończona. Zaloguj się ponownie, aby kontynuować. Otworzy się okno.",
  confirm: "Aby kontynuować, potwierdź logowanie. Otworzy się okno.",
  continue: "Zaloguj się",
  decline: "Nie teraz",
  waiting: "Dokończ logowanie w otwartym oknie.",
  show: "Pokaż okno",
  popupClosed: "Okno logowania zostało zamknięte.",
  popupBlocked: "Przeglądarka zablokowała okno logowania. Zezwól na nie i spróbuj ponownie.",
  failed: "Logowanie nie powiodło się.",
  tryAgain: "Spróbuj ponownie",
};
