// Stands in while the screen is being written.
import { Page, PageHeader } from '../../design/page.tsx'
export default function Screen() {
  return <Page header={<PageHeader title="review" />}><p>review</p></Page>
}
