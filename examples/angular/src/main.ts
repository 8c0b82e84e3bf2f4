import { provideHttpClient } from "@angular/common/http";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideRouter } from "@angular/router";
import { MsalGuard, MsalRedirectComponent } from "@azure/msal-angular";
import { App } from "./app";
import { Home } from "./home";
import { provideMsal } from "./msal";
import { Orders } from "./orders";
import { provideTokens } from "./tokens";

const app = await bootstrapApplication(App, {
  providers: [
    // There is no interceptor: Angular sends requests as the site makes them.
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
