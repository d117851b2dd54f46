// Orders: the list, a new one, and one of them with what became of it.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { NewOrder } from './new-order.tsx'
import { OrderList } from './order-list.tsx'
import { OrderPage } from './order-page.tsx'

export default function OrdersScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/orders/new">
        <NewOrder />
      </Route>
      <Route path="/orders/:order">{({ order }) => <OrderPage key={order} orderId={order} />}</Route>
      <Route>
        <OrderList />
      </Route>
    </Switch>
  )
}
