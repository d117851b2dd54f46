// Stands in while the screen is being written.
import { Page, PageHeader } from '../../design/page.tsx'
export default function Screen() {
  return <Page header={<PageHeader title="visits" />}><p>visits</p></Page>
}
