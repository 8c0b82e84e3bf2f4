export default {
  title: "bearer-worker: そのままのリクエストにトークンを",
  description:
    "サイトは MSAL.js でユーザーをサインインさせ、通常のリクエストを送ります。アクセストークンは Service Worker が付加します。",
  skip: "リクエストへ移動",
  language: "言語",
  "signed-in-as": "サインイン中:",
  nobody: "サインインしていません",
  "sign-in": "サインイン",
  "by-redirect": "リダイレクトでサインイン",
  "sign-out": "サインアウト",

  headline: "そのままのリクエストにトークンを。",
  lead: "このサイトは MSAL.js でユーザーをサインインさせたあと、`fetch`、画像、動画、イベントストリーム、Web Worker など、ごく普通のリクエストを送ります。アクセストークンは、送信の途中で Service Worker が付加します。",
  path: "リクエストの経路",
  "path.page": "ページ",
  "path.page.does": "普通のリクエスト",
  "path.worker": "ワーカー",
  "path.worker.does": "トークンを付加",
  "path.api": "API",
  "path.api.does": "トークンを検証",
  "memory-only":
    "ワーカーはトークンをメモリにだけ保持します。トークンがなければページに求め、MSAL が取得します。",
  docs: "ドキュメント",
  source: "attach-tokens.js のソースコード",
  "source.caption": "このサイトがトークンのために行うことのすべて",
  problem: "トークンを付加できません。",

  requests: "サイトが送るリクエスト",
  "requests.signed-out":
    "サインインしていません。リクエストはサイトが作ったまま送られ、API は 401 を返します。",
  "next.send":
    "サインインしました。次は、すべてのリクエストを送信してください。それぞれにトークンが付きます。",
  "next.trouble":
    "どのリクエストにもトークンが付きました。次は、トークンを失効させて再送を確認してください。",
  "requests.signed-in": "各カードのコードがそのまま実行されます。トークンはどこにも出てきません。",
  "send-all": "すべて送信",
  "send-hundred": "100 件を同時に送信",

  trouble: "障害を起こす",
  "trouble.about":
    "どのボタンも、プロバイダーや API の状態を実際に変え、その結果を示すリクエストを送ります。",
  reset: "すべてリセット",
  "revoke-tokens": "トークンを失効させる",
  "revoke-tokens.about":
    "API はこれまでのトークンをすべて拒否します (CAE)。ワーカーは新しいトークンを得て、リクエストを再送します。本文も 1 MiB まで再送されます。",
  "revoke-session": "セッションを失効させる",
  "revoke-session.about":
    "プロバイダーもユーザーを忘れるため、次のリクエストはユーザーを待ちます。「今はしない」を選ぶと、改めてサインインするまで確認は表示されません。",
  "step-up": "追加認証を要求する",
  "step-up.about":
    "承認には第 2 の認証要素が必要です。API のクレームチャレンジは、ポップアップでプロバイダーに渡されます。",
  "expire-tokens": "トークンを期限切れにする",
  "expire-tokens.about":
    "トークンの有効期間が 1 時間から 10 秒になり、古いトークンは拒否されます。もう一度押すと元に戻ります。",
  "stop-provider": "プロバイダーを停止する",
  "stop-provider.about":
    "手元のトークンは引き続き使えますが、新しいトークンは得られません。もう一度押すと起動します。",
  "drop-streams": "ストリームを切断する",
  "bind-tokens": "トークンを鍵に結び付ける",
  "bind-tokens.about":
    "プロバイダーがトークンを鍵に結び付け（DPoP）、ワーカーがリクエストごとに署名します。もう一度押すと Bearer トークンに戻ります。",
  "first-visit": "初回アクセス",
  "first-visit.about":
    "ワーカーの登録を解除して再読み込みします。`fetch` と XMLHttpRequest はワーカーを待たず、画像はワーカーより先に要求されます。",
  "lose-control": "制御を失う",
  "lose-control.about":
    "別のサービスワーカーがページを制御します。ページは自分の呼び出しにトークンを付けますが、画像には付きません。もう一度押すと再読み込みします。",
  "other-tab": "別のユーザーのタブ",
  "other-tab.about":
    "そこで別のユーザーとしてサインインしてください。各タブのリクエストはそれぞれのユーザーのままです。",
  "drop-streams.about": "ブラウザーは自動的に再接続し、そのリクエストにも同じようにトークンが付きます。",

  "request.read": "読み込む",
  "request.orders": "注文を読み込む",
  "request.new-order": "注文する",
  "request.photo": "画像",
  "request.video": "動画",
  "request.stream": "イベントストリーム",
  "request.web-worker": "Web Worker",
  "request.xhr": "XMLHttpRequest",
  "request.report": "レポートの保存",
  "request.approvals": "承認",
  "request.own-header": "独自のヘッダー",
  "request.health": "保護なし",
  "request.elsewhere": "マップにない URL",
  "note.own-photo": "写真を設定していないユーザーには写真がなく、Graph は 404 を返します。",
  "note.approvals": "API が第 2 の認証要素を求めます。",
  "note.own-header": "変更されずに送られるため、API に拒否されます。",
  "note.health": "マップでは `null`。トークンなしで送られます。",
  "note.elsewhere": "ワーカーは何もせずに通します。",
  more: "詳細",
  send: "送信",
  photo: "サインイン中のユーザーの肖像",
  clip: "API から届いた動画",
  event: "イベント {number}、{time}",
  save: "{file} を保存",

  "status.none": "未送信",
  "status.pending": "待機中",
  "status.error": "ネットワークエラー",
  "status.code": "{status}",
  time: "{time}",
  "seen.token": "API が確認した内容: {name} · {audience} · {scopes}",
  "seen.refused": "API がトークンを拒否しました: {refusal}",
  "seen.none": "API にトークンは届きませんでした。",
  "seen.unread": "API はトークンを確認しませんでした。",
  "seen.nothing": "API に届きませんでした。",
  "sent.unseen": "保護されていないため、ワーカーは関与していません。",
  "sent.memory": "ワーカーがメモリのトークンを付けて送信しました。",
  "sent.page": "ワーカーがページから得たトークンを付けて送信しました。",
  "sent.none": "ワーカーがトークンなしで送信しました。",
  "sent.twice": "ワーカーが 2 回送信しました。2 回目は新しいトークンを使いました。",
  said: "{title}: {status}、{time}。{seen}",

  "all.done": "{all} 件中 {good} 件のリクエストが成功しました。",
  "hundred.sent": "{all} 件のリクエストを送信しました。",
  "hundred.done": "{all} 件中 {good} 件に 200 が返されました ({time})。",

  "account.in": "{name} としてサインインしました。",
  "account.out": "サインアウトしました。",
  "account.unfinished": "サインインは完了しませんでした。",
  "account.blocked": "ブラウザーがサインインのウィンドウをブロックしました。",
  "account.unreachable": "プロバイダーに接続できません。",
  "account.failed": "サインインできませんでした ({code})。",

  "done.revoke-session":
    "セッションを失効させました。「注文を読み込む」は、ユーザーがもう一度サインインするまで待機します。",
  "done.revoke-tokens":
    "これまでのトークンはすべて拒否されます。「注文を読み込む」は新しいトークンで再送されます。",
  "done.step-up": "承認のリクエストを送りました。サインインを承認すると、カードに結果が表示されます。",
  "done.expire-tokens":
    "これからトークンの有効期間は {time}です。注文を今と、期限が切れたあとにもう一度読み込みます。",
  "done.restore-lifetimes": "新しいトークンの有効期間は 1 時間に戻りました。",
  "done.stop-provider":
    "プロバイダーは停止しています。「注文を読み込む」には手元のトークンがあり、「画像」には新しいトークンが必要でした。",
  "done.start-provider": "プロバイダーが再開し、画像も表示されます。",
  "done.bind-tokens": "トークンが鍵に結び付けられ、API はリクエストごとに証明を検証します。",
  "first-visit.busy":
    "ブラウザーはまだワーカーを処理中です。サインイン後は 1 分ほどかかることがあります。その後、ページが再読み込みされます。",
  "done.first-visit":
    "`fetch` と XMLHttpRequest にはページがトークンを付け、画像はトークンなしで送られました。今はワーカーが制御しています。画像をもう一度送ってください。",
  "done.lose-control":
    "別のワーカーが制御しています。「注文を読み込む」にはページのトークンが付き、「画像」には付きません。",
  "done.regain-control": "ワーカーが制御を取り戻し、画像にも再びトークンが付きます。",
  "done.other-tab":
    "そこで別のユーザーとしてサインインしてください。戻ると注文をもう一度読み込みます。ユーザーは変わりません。",
  "done.drop-streams": "API がイベントストリームを終了しました。ブラウザーが自動的に再接続します。",
  "done.reset": "すべて最初の状態に戻り、誰もサインインしていません。",
  "done.nothing": "うまくいきませんでした。プロバイダーと API は動作していますか。",
};
