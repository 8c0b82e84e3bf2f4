export default {
  title: "請重新登入",
  message: "您的工作階段已結束。請重新登入以繼續。登入視窗將會開啟。",
  confirm: "若要繼續，請重新確認您的登入。登入視窗將會開啟。",
  continue: "登入",
  decline: "暫時不要",
  waiting: "請在開啟的視窗中完成登入。",
  show: "顯示視窗",
  popupClosed: "登入視窗已關閉。",
  popupBlocked: "瀏覽器封鎖了登入視窗。請允許該視窗開啟，然後再試一次。",
  failed: "登入失敗。",
  tryAgain: "再試一次",
};
