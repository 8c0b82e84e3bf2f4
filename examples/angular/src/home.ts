import { Component } from "@angular/core";
import { RouterLink } from "@angular/router";

@Component({
  imports: [RouterLink],
  template: `<p><a routerLink="/orders">Your orders</a> are for those who have signed in.</p>`,
})
export class Home {}
