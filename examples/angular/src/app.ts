import { HttpClient } from "@angular/common/http";
import { Component, inject } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";
import { RouterLink, RouterOutlet } from "@angular/router";
import { MsalBroadcastService, MsalService } from "@azure/msal-angular";
import { InteractionStatus } from "@azure/msal-browser";
import { filter, map } from "rxjs";
import { apiOrigin } from "./config";

@Component({
  selector: "app-root",
  imports: [RouterLink, RouterOutlet],
  template: `
    <header>
      <h1><a routerLink="/">Contoso Orders</a></h1>
      <div class="account">
        @if (user(); as user) {
          <strong>{{ user.name }}</strong>
          <img class="photo" [src]="photoUrl" alt="Your photo" />
          <button (click)="signOut()">Sign out</button>
        } @else {
          <button (click)="signIn()">Sign in</button>
        }
      </div>
    </header>
    <main><router-outlet /></main>
    <footer>The API is {{ health()?.status ?? "…" }}.</footer>
  `,
})
export class App {
  private readonly msal = inject(MsalService);

  protected readonly photoUrl = `${apiOrigin}/media/photo`;
  protected readonly health = toSignal(inject(HttpClient).get<{ status: string }>("/api/health"));
  protected readonly user = toSignal(
    inject(MsalBroadcastService).inProgress$.pipe(
      filter((status) => status === InteractionStatus.None),
      map(() => this.msal.instance.getActiveAccount() ?? this.msal.instance.getAllAccounts()[0]),
    ),
  );

  protected signIn(): void {
    this.msal.loginRedirect({ scopes: [], redirectStartPage: `${location.origin}/orders` }).subscribe();
  }

  protected signOut(): void {
    this.msal.logoutRedirect().subscribe();
  }
}
