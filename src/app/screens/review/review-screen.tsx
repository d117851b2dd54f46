// Review: work that the hub couldn't take as it was, facts that somebody should look at, and values that lost against another edit. Deciding is
// a request to the hub; nothing here changes what happened.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { Exceptions } from './exceptions.tsx'
import { LostValues } from './lost-values.tsx'
import { Parked } from './parked.tsx'

export default function ReviewScreen(): ReactNode {
  return (
    <Switch>
      <Route path="/review/exceptions/:item?">{({ item }) => <Exceptions openId={item ?? null} />}</Route>
      <Route path="/review/values/:item?">{({ item }) => <LostValues openId={item ?? null} />}</Route>
      <Route path="/review/:item?">{({ item }) => <Parked openId={item ?? null} />}</Route>
    </Switch>
  )
}
