export default {
  title: "请重新登录",
  message: "您的会话已结束。请重新登录以继续。登录窗口将会打开。",
  confirm: "要继续，请重新确认您的登录。登录窗口将会打开。",
  continue: "登录",
  decline: "暂不",
  waiting: "请在打开的窗口中完成登录。",
  show: "显示窗口",
  popupClosed: "登录窗口已关闭。",
  popupBlocked: "浏览器阻止了登录窗口。请允许该窗口打开，然后重试。",
  failed: "登录失败。",
  tryAgain: "重试",
};
