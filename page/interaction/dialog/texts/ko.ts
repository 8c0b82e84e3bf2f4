export default {
  title: "다시 로그인해 주세요",
  message: "세션이 종료되었습니다. 계속하려면 다시 로그인해 주세요. 로그인 창이 열립니다.",
  confirm: "계속하려면 로그인을 확인해야 합니다. 로그인 창이 열립니다.",
  continue: "로그인",
  decline: "나중에",
  waiting: "열린 창에서 로그인을 완료해 주세요.",
  show: "창 표시",
  popupClosed: "로그인 창이 닫혔습니다.",
  popupBlocked: "브라우저에서 로그인 창을 차단했습니다. 창을 허용한 후 다시 시도해 주세요.",
  failed: "로그인하지 못했습니다.",
  tryAgain: "다시 시도",
};
