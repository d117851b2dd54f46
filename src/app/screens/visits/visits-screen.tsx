// Visits: the route of a day, and one visit from arriving to what comes next.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { RoutePage } from './route-page.tsx'
import { VisitPage } from './visit-page.tsx'

export default function VisitsScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/visits/:visit">{({ visit }) => <VisitPage key={visit} visitId={visit} />}</Route>
      <Route>
        <RoutePage />
      </Route>
    </Switch>
  )
}
