export default {
  title: "请重新登录",
  message: "要显示此页面的全部内容，您需要重新确认登录。",
  continue: "继续",
  decline: "暂不",
  waiting: "请在打开的窗口中完成登录。",
  popupClosed: "登录窗口已关闭。",
  popupBlocked: "浏览器阻止了登录窗口。请允许该窗口打开，然后重试。",
  failed: "登录失败。",
  tryAgain: "重试",
};
