export default {
  title: "Zaloguj się ponownie",
  message: "Aby wyświetlić całą zawartość tej strony, trzeba potwierdzić logowanie.",
  continue: "Kontynuuj",
  decline: "Nie teraz",
  waiting: "Dokończ logowanie w otwartym oknie.",
  popupClosed: "Okno logowania zostało zamknięte.",
  popupBlocked: "Przeglądarka zablokowała okno logowania. Zezwól na nie i spróbuj ponownie.",
  failed: "Logowanie nie powiodło się.",
  tryAgain: "Spróbuj ponownie",
};
