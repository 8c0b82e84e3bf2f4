import { HttpClient } from "@angular/common/http";
import { Component, inject, signal } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";

interface Order {
  id: number;
  customer: string;
  item: string;
  total: number;
}

@Component({
  template: `
    <table>
      <thead>
        <tr>
          <th>Customer</th>
          <th>Item</th>
          <th>Total</th>
        </tr>
      </thead>
      <tbody>
        @for (order of answer()?.orders; track order.id) {
          <tr>
            <td>{{ order.customer }}</td>
            <td>{{ order.item }}</td>
            <td>{{ order.total }}</td>
          </tr>
        }
      </tbody>
    </table>
    <form (submit)="$event.preventDefault(); placeOrder(item.value)">
      <label for="item">New order</label>
      <input id="item" #item required />
      <button>Place order</button>
      <output>{{ outcome() }}</output>
    </form>
  `,
})
export class Orders {
  private readonly http = inject(HttpClient);

  protected readonly answer = toSignal(this.http.get<{ orders: Order[] }>("/api/orders"));
  protected readonly outcome = signal("");

  protected placeOrder(item: string): void {
    this.http.post<{ caller: { user: string } }>("/api/orders", { item }).subscribe({
      next: ({ caller }) => this.outcome.set(`Ordered for ${caller.user}.`),
      error: ({ message }: Error) => this.outcome.set(message),
    });
  }
}
