import "@angular/compiler";
import { provideHttpClient } from "@angular/common/http";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideRouter } from "@angular/router";
import { MsalGuard, MsalRedirectComponent } from "@azure/msal-angular";
import { App } from "./app.ts";
import { Home } from "./home.ts";
import { provideMsal } from "./msal.ts";
import { Orders } from "./orders.ts";
import { provideTokens } from "./tokens.ts";

const app = await bootstrapApplication(App, {
  providers: [
    // No interceptor: requests leave Angular as the site makes them.
    provideHttpClient(),
    provideRouter([
      { path: "", component: Home },
      { path: "orders", component: Orders, canActivate: [MsalGuard] },
    ]),
    provideMsal(),
    provideTokens(),
  ],
});
app.bootstrap(MsalRedirectComponent);
