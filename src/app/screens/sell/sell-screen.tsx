// The till: without an open shift it offers to open one; with one it sells. Its other pages (returns, sales, the drawer, the close) lie below
// the same address. Nothing here waits for a network.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { CloseShift } from './close-shift.tsx'
import { DrawerPage } from './drawer-page.tsx'
import { OpenShift } from './open-shift.tsx'
import { ReturnPage } from './return-page.tsx'
import { SaleDone, SalePage } from './sale-page.tsx'
import { SalesPage } from './sales-page.tsx'
import { ShiftReport } from './shift-report.tsx'
import { TillPage } from './till-page.tsx'
import { useTill } from './till.ts'

export default function SellScreen(): ReactNode {
  const till = useTill()
  if (till === undefined) return null
  if (till === null) {
    return (
      <Switch>
        <Route path="/sell/report/:shift">{({ shift }) => <ShiftReport shift={shift} isOpen={false} />}</Route>
        <Route>
          <OpenShift />
        </Route>
      </Switch>
    )
  }
  return (
    <Switch>
      <Route path="/sell/done/:sale">{({ sale }) => <SaleDone saleId={sale} />}</Route>
      <Route path="/sell/sales/:sale">{({ sale }) => <SalePage till={till} saleId={sale} />}</Route>
      <Route path="/sell/sales">
        <SalesPage till={till} />
      </Route>
      <Route path="/sell/return">
        <ReturnPage till={till} />
      </Route>
      <Route path="/sell/drawer">
        <DrawerPage till={till} />
      </Route>
      <Route path="/sell/report">
        <ShiftReport shift={till.shift} isOpen />
      </Route>
      <Route path="/sell/report/:shift">
        {({ shift }) => <ShiftReport shift={shift} isOpen={shift === till.shift} />}
      </Route>
      <Route path="/sell/close">
        <CloseShift till={till} />
      </Route>
      <Route>
        <TillPage till={till} />
      </Route>
    </Switch>
  )
}
