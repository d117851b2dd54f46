// Stock: what a store has, goods that come in, go out without a sale, and are counted.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { CountForm } from './count-form.tsx'
import { CountList } from './count-list.tsx'
import { GoodsForm } from './goods-form.tsx'
import { IssueList } from './issue-list.tsx'
import { ReceiptList } from './receipt-list.tsx'
import { StockList } from './stock-list.tsx'

export default function StockScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/stock/receive">
        <GoodsForm mode="receive" />
      </Route>
      <Route path="/stock/issue">
        <GoodsForm mode="issue" />
      </Route>
      <Route path="/stock/count">
        <CountForm />
      </Route>
      <Route path="/stock/counts/:count?">{({ count }) => <CountList openId={count ?? null} />}</Route>
      <Route path="/stock/receipts/:receipt?">{({ receipt }) => <ReceiptList openId={receipt ?? null} />}</Route>
      <Route path="/stock/issues/:issue?">{({ issue }) => <IssueList openId={issue ?? null} />}</Route>
      <Route path="/stock/:item?">{({ item }) => <StockList openItem={item ?? null} />}</Route>
    </Switch>
  )
}
