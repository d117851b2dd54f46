// Every business screen of the app: where it stands in the menu, at which address, for whom, and how to load its code. The shell draws menu,
// routes and search from this list; a screen's code comes only when it is opened.
import {
  IconBuildingWarehouse,
  IconCalendarEvent,
  IconCash,
  IconCashRegister,
  IconChecklist,
  IconClipboardList,
  IconFileInvoice,
  IconHome,
  IconReceiptRefund,
  IconScale,
  IconTruckDelivery,
  IconUsers,
} from '@tabler/icons-react'
import type { Screen } from '../shell/screens.ts'

export const businessScreens: readonly Screen[] = [
  { path: '/today', text: 'screen.today', group: 'today', icon: IconHome, permissions: [], load: () => import('./today/today-screen.tsx') },
  { path: '/sell', text: 'screen.sell', group: 'sell', icon: IconCashRegister, permissions: ['pos.sell'], isFullScreen: true, load: () => import('./sell/sell-screen.tsx') },
  { path: '/orders', text: 'screen.orders', group: 'sell', icon: IconClipboardList, permissions: ['sales.order'], load: () => import('./orders/orders-screen.tsx') },
  {
    path: '/customers',
    text: 'screen.customers',
    group: 'sell',
    icon: IconUsers,
    permissions: ['crm.visit', 'crm.note', 'sales.order', 'masters.createParty'],
    load: () => import('./customers/customers-screen.tsx'),
  },
  { path: '/visits', text: 'screen.visits', group: 'sell', icon: IconCalendarEvent, permissions: ['crm.visit'], load: () => import('./visits/visits-screen.tsx') },
  {
    path: '/stock',
    text: 'screen.stock',
    group: 'stock',
    icon: IconBuildingWarehouse,
    permissions: ['inventory.see', 'inventory.receive', 'inventory.issue'],
    load: () => import('./stock/stock-screen.tsx'),
  },
  { path: '/deliveries', text: 'screen.deliveries', group: 'accounts', icon: IconTruckDelivery, permissions: ['delivery.deliver', 'sales.invoice'], load: () => import('./accounts/deliveries-screen.tsx') },
  { path: '/invoices', text: 'screen.invoices', group: 'accounts', icon: IconFileInvoice, permissions: ['sales.invoice'], load: () => import('./accounts/invoices-screen.tsx') },
  { path: '/credit-notes', text: 'screen.credit-notes', group: 'accounts', icon: IconReceiptRefund, permissions: ['sales.creditNote'], load: () => import('./accounts/credit-notes-screen.tsx') },
  { path: '/payments', text: 'screen.payments', group: 'accounts', icon: IconCash, permissions: ['sales.receivePayment'], load: () => import('./accounts/payments-screen.tsx') },
  { path: '/trial-balance', text: 'screen.trial-balance', group: 'accounts', icon: IconScale, permissions: ['accounting.journal'], load: () => import('./accounts/trial-balance-screen.tsx') },
  { path: '/review', text: 'screen.review', group: 'review', icon: IconChecklist, permissions: [], load: () => import('./review/review-screen.tsx') },
]
