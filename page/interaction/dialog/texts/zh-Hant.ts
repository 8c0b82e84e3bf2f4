export default {
  title: "請重新登入",
  message: "若要顯示此頁面的完整內容，您需要重新確認登入。",
  continue: "繼續",
  decline: "暫時不要",
  waiting: "請在開啟的視窗中完成登入。",
  popupClosed: "登入視窗已關閉。",
  popupBlocked: "瀏覽器封鎖了登入視窗。請允許該視窗開啟，然後再試一次。",
  failed: "登入失敗。",
  tryAgain: "再試一次",
};
