export default {
  title: "bearer-worker: unveränderte Anfragen erhalten Bearer-Token",
  description:
    "Eine Website meldet ihre Nutzer mit MSAL.js an und stellt ganz gewöhnliche Anfragen; ein Service Worker fügt die Zugriffstoken hinzu.",
  skip: "Zu den Anfragen springen",
  language: "Sprache",
  "signed-in-as": "Angemeldet als",
  nobody: "Niemand ist angemeldet",
  "sign-in": "Anmelden",
  "by-redirect": "Per Weiterleitung anmelden",
  "sign-out": "Abmelden",

  headline: "Unveränderte Anfragen erhalten Bearer-Token.",
  lead: "Diese Website meldet ihre Nutzer mit MSAL.js an und stellt dann ganz gewöhnliche Anfragen: `fetch`, Bilder, Video, Ereignisströme, Web Worker. Ein Service Worker fügt unterwegs das Zugriffstoken hinzu.",
  path: "Der Weg einer Anfrage",
  "path.page": "Seite",
  "path.page.does": "eine gewöhnliche Anfrage",
  "path.worker": "Worker",
  "path.worker.does": "fügt das Token hinzu",
  "path.api": "API",
  "path.api.does": "prüft das Token",
  "memory-only":
    "Der Worker behält Token nur im Arbeitsspeicher. Hat er keines, fragt er die Seite, und MSAL besorgt eines.",
  docs: "Dokumentation",
  source: "Quelltext von attach-tokens.js",
  "source.caption": "Alles, was diese Website für Token tut",
  problem: "Es lassen sich keine Token anfügen.",

  requests: "Was die Website anfragt",
  "requests.signed-out":
    "Niemand ist angemeldet: Anfragen gehen so hinaus, wie die Website sie stellt, und die API antwortet mit 401.",
  "next.send": "Sie sind angemeldet. Als Nächstes: Senden Sie alle Anfragen. Jede bekommt ihr Token.",
  "next.trouble":
    "Jede Anfrage hatte ihr Token. Als Nächstes: Widerrufen Sie die Token, und sehen Sie der Wiederholung zu.",
  "requests.signed-in": "Der Code auf jeder Karte ist genau der, der läuft. Ein Token kommt darin nicht vor.",
  "send-all": "Alle senden",
  "send-hundred": "100 auf einmal senden",

  trouble: "Störungen auslösen",
  "trouble.about":
    "Jede Schaltfläche verändert den Anbieter oder die API wirklich und sendet die Anfragen, die es zeigen.",
  reset: "Alles zurücksetzen",
  "revoke-tokens": "Token widerrufen",
  "revoke-tokens.about":
    "Die API weist alle bisherigen Token zurück (CAE). Der Worker bekommt ein neues und wiederholt die Anfrage, bis 1 MiB mitsamt Inhalt.",
  "revoke-session": "Sitzung widerrufen",
  "revoke-session.about":
    "Auch der Anbieter vergisst den Nutzer, sodass die nächste Anfrage auf ihn wartet. Ein „Jetzt nicht“ gilt, bis er sich neu anmeldet.",
  "step-up": "Zweiten Faktor verlangen",
  "step-up.about":
    "Genehmigungen brauchen einen zweiten Faktor: Die Claims-Challenge der API geht per Popup an den Anbieter.",
  "expire-tokens": "Token ablaufen lassen",
  "expire-tokens.about":
    "Token gelten zehn Sekunden statt einer Stunde, und alte werden zurückgewiesen. Nochmals drücken macht es rückgängig.",
  "stop-provider": "Anbieter anhalten",
  "stop-provider.about":
    "Vorhandene Token funktionieren weiter. Wo ein neues nötig ist, gibt es keines. Nochmals drücken startet ihn.",
  "drop-streams": "Ereignisstrom abbrechen",
  "bind-tokens": "Token an einen Schlüssel binden",
  "bind-tokens.about":
    "Der Anbieter bindet Token an einen Schlüssel (DPoP), und der Worker signiert jede Anfrage. Nochmals drücken führt zu Bearer-Token zurück.",
  "first-visit": "Erster Besuch",
  "first-visit.about":
    "Hebt die Registrierung des Workers auf und lädt neu. `fetch` und XMLHttpRequest warten auf keinen Worker, und das Bild kommt vor ihm.",
  "lose-control": "Kontrolle verlieren",
  "lose-control.about":
    "Ein anderer Service Worker übernimmt die Seite. Die Seite fügt ihren eigenen Aufrufen dann Token an; Bilder bekommen keines. Nochmals drücken lädt neu.",
  "other-tab": "Tab eines anderen Nutzers",
  "other-tab.about":
    "Melden Sie sich dort als jemand anderes an. Die Anfragen jedes Tabs behalten ihren Nutzer.",
  "drop-streams.about":
    "Der Browser verbindet sich von selbst neu, und diese Anfrage bekommt ihr Token wie jede andere.",

  "request.read": "Lesen",
  "request.orders": "Bestellungen lesen",
  "request.new-order": "Bestellung aufgeben",
  "request.photo": "Bild",
  "request.video": "Video",
  "request.stream": "Ereignisstrom",
  "request.web-worker": "Web Worker",
  "request.xhr": "XMLHttpRequest",
  "request.report": "Bericht zum Speichern",
  "request.approvals": "Genehmigungen",
  "request.own-header": "Mit eigenem Header",
  "request.health": "Ungeschützt",
  "request.elsewhere": "Nicht in der Map",
  "note.own-photo": "Wer nie ein Foto hinterlegt hat, hat keines: Graph antwortet mit 404.",
  "note.approvals": "Die API verlangt einen zweiten Faktor.",
  "note.own-header": "Bleibt, wie sie ist; darum weist die API sie zurück.",
  "note.health": "`null` in der Map: ohne Token gesendet.",
  "note.elsewhere": "Der Worker lässt sie unberührt passieren.",
  more: "Einzelheiten",
  send: "Senden",
  photo: "Porträt der angemeldeten Person",
  clip: "Ein Videoclip von der API",
  event: "Ereignis {number}, {time}",
  save: "{file} speichern",

  "status.none": "nicht gesendet",
  "status.pending": "wartet",
  "status.error": "Netzwerkfehler",
  "status.code": "{status}",
  time: "{time}",
  "seen.token": "Die API sah {name} · {audience} · {scopes}",
  "seen.refused": "Die API wies das Token zurück: {refusal}",
  "seen.none": "Die API sah kein Token.",
  "seen.unread": "Die API hat das Token nicht angesehen.",
  "seen.nothing": "Hat die API nicht erreicht.",
  "sent.unseen": "Nicht geschützt: Der Worker hat nichts davon gesehen.",
  "sent.memory": "Der Worker hat sie mit einem Token aus dem Speicher gesendet.",
  "sent.page": "Der Worker hat sie mit einem Token von der Seite gesendet.",
  "sent.none": "Der Worker hat sie ohne Token gesendet.",
  "sent.twice": "Der Worker hat sie zweimal gesendet, beim zweiten Mal mit einem neuen Token.",
  said: "{title}: {status}, {time}. {seen}",

  "all.done": "{good} von {all} Anfragen waren erfolgreich.",
  "hundred.sent": "{all} Anfragen sind unterwegs.",
  "hundred.done": "{good} von {all} wurden mit 200 beantwortet, in {time}.",

  "account.in": "Angemeldet als {name}.",
  "account.out": "Es ist niemand mehr angemeldet.",
  "account.unfinished": "Die Anmeldung wurde nicht abgeschlossen.",
  "account.blocked": "Der Browser hat das Anmeldefenster blockiert.",
  "account.unreachable": "Der Anbieter ist nicht erreichbar.",
  "account.failed": "Die Anmeldung hat nicht geklappt ({code}).",

  "done.revoke-session": "Sitzung widerrufen. „Bestellungen lesen“ wartet, bis die Anmeldung erneuert ist.",
  "done.revoke-tokens":
    "Alle bisherigen Token werden zurückgewiesen. „Bestellungen lesen“ wird mit einem neuen wiederholt.",
  "done.step-up":
    "Die Genehmigungen sind unterwegs: Bestätigen Sie die Anmeldung, dann stehen sie auf ihrer Karte.",
  "done.expire-tokens":
    "Ab jetzt gilt ein Token {time}. Die Bestellungen werden jetzt gelesen und noch einmal danach.",
  "done.restore-lifetimes": "Neue Token gelten wieder eine Stunde.",
  "done.stop-provider":
    "Der Anbieter ist nicht erreichbar. „Bestellungen lesen“ hatte noch ein Token, „Bild“ brauchte ein neues.",
  "done.start-provider": "Der Anbieter ist wieder da, und mit ihm das Bild.",
  "done.bind-tokens":
    "Token sind jetzt an einen Schlüssel gebunden, und die API prüft den Nachweis jeder Anfrage.",
  "first-visit.busy":
    "Der Browser ist noch mit dem Worker beschäftigt; nach einer Anmeldung kann das eine Minute dauern. Dann lädt die Seite neu.",
  "done.first-visit":
    "Die Seite gab `fetch` und XMLHttpRequest ihre Token, das Bild ging ohne hinaus. Jetzt hat der Worker die Kontrolle: Senden Sie das Bild noch einmal.",
  "done.lose-control":
    "Ein anderer Worker hat die Kontrolle. „Bestellungen lesen“ hat weiter sein Token, von der Seite. „Bild“ hat keines.",
  "done.regain-control": "Der Worker hat wieder die Kontrolle, und das Bild hat wieder sein Token.",
  "done.other-tab":
    "Melden Sie sich dort als jemand anderes an. Wenn Sie zurückkommen, werden die Bestellungen erneut gelesen: weiter als Sie.",
  "done.drop-streams": "Die API hat den Ereignisstrom beendet. Der Browser öffnet ihn von selbst wieder.",
  "done.reset": "Alles ist wie am Anfang, und niemand ist angemeldet.",
  "done.nothing": "Das hat nicht geklappt: Laufen Anbieter und API noch?",
};
