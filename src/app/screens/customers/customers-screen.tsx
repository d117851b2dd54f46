// Customers: the list, a new one, and one of them with all that happened. Each has its own address, so that a link always leads there.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { CustomerForm } from './customer-form.tsx'
import { CustomerList } from './customer-list.tsx'
import { CustomerPage } from './customer-page.tsx'

export default function CustomersScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/customers/new">
        <CustomerForm />
      </Route>
      <Route path="/customers/:party/edit">{({ party }) => <CustomerForm partyId={party} />}</Route>
      <Route path="/customers/:party/:tab?">
        {({ party, tab }) => <CustomerPage key={party} partyId={party} tab={tab ?? 'story'} />}
      </Route>
      <Route>
        <CustomerList />
      </Route>
    </Switch>
  )
}
