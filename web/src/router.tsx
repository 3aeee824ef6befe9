/** Addresses and their pages. Each page is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { NotFound } from './components/empty.tsx'
import { PageError } from './components/page-error.tsx'
import { Waiting } from './components/waiting.tsx'
import { AppLayout } from './layout/app-layout.tsx'
import { readApplySearch, readCasesSearch, readDocumentsSearch, readInboxSearch, readLoginSearch, readPlain, readRosterSearch, readVerifySearch } from './search.ts'
import { homeOf, isEnterprise } from './session/roles.ts'
import { getPerson, getSession } from './session/session.ts'

const root = createRootRoute({ component: Outlet })

const login = createRoute({
  getParentRoute: () => root, path: '/login', validateSearch: readLoginSearch,
  beforeLoad: async ({ search }) => {
    const { person } = await getSession()
    if (person) throw redirect({ href: search.returnTo ?? homeOf(person) })
  },
  component: lazyRouteComponent(() => import('./pages/login/login.tsx')),
})

/** Whether a document is genuine: for anybody. */
const verify = createRoute({ getParentRoute: () => root, path: '/verify', validateSearch: readVerifySearch, component: lazyRouteComponent(() => import('./pages/verify/verify.tsx')) })

/** Everything behind the sign-in, in the common frame. */
const inside = createRoute({
  getParentRoute: () => root, id: 'inside', component: AppLayout,
  beforeLoad: async ({ location }) => {
    const person = await getPerson()
    if (!person) throw redirect({ to: '/login', search: location.href === '/' ? {} : { returnTo: location.href } })
    if (location.pathname === '/' && homeOf(person) !== '/') throw redirect({ to: homeOf(person) })
  },
})

/** A case has two pages: that of who works on it, and that of who has applied. Each is shown theirs, whichever is asked for. */
const forEnterprises = async (): Promise<boolean> => isEnterprise((await getPerson())!)

const inbox = createRoute({ getParentRoute: () => inside, path: '/', validateSearch: readInboxSearch, component: lazyRouteComponent(() => import('./pages/inbox/inbox.tsx')) })
const cases = createRoute({ getParentRoute: () => inside, path: '/cases', validateSearch: readCasesSearch, component: lazyRouteComponent(() => import('./pages/cases/cases.tsx')) })
const caseFile = createRoute({
  getParentRoute: () => inside, path: '/cases/$caseNo', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/case/case.tsx')),
  beforeLoad: async ({ params }) => { if (await forEnterprises()) throw redirect({ to: '/services/cases/$caseNo', params, replace: true }) },
})
const services = createRoute({ getParentRoute: () => inside, path: '/services', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/services/services.tsx')) })
const apply = createRoute({ getParentRoute: () => inside, path: '/services/apply/$procedure', validateSearch: readApplySearch, component: lazyRouteComponent(() => import('./pages/services/apply.tsx')) })
const documents = createRoute({ getParentRoute: () => inside, path: '/documents', validateSearch: readDocumentsSearch, component: lazyRouteComponent(() => import('./pages/documents/documents.tsx')) })
const drafts = createRoute({ getParentRoute: () => inside, path: '/drafts', component: lazyRouteComponent(() => import('./pages/drafts/drafts.tsx')) })
const myCase = createRoute({
  getParentRoute: () => inside, path: '/services/cases/$caseNo', component: lazyRouteComponent(() => import('./pages/services/my-case.tsx')),
  beforeLoad: async ({ params }) => { if (!await forEnterprises()) throw redirect({ to: '/cases/$caseNo', params, search: {}, replace: true }) },
})
const board = createRoute({ getParentRoute: () => inside, path: '/board', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/board/board.tsx')) })
const plan = createRoute({ getParentRoute: () => inside, path: '/plan', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/plan/plan.tsx')) })
const desk = createRoute({ getParentRoute: () => inside, path: '/desk', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/desk/desk.tsx')) })
const roster = createRoute({ getParentRoute: () => inside, path: '/roster', validateSearch: readRosterSearch, component: lazyRouteComponent(() => import('./pages/roster/roster.tsx')) })
const detentions = createRoute({ getParentRoute: () => inside, path: '/detentions', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/detentions/detentions.tsx')) })
const admin = createRoute({ getParentRoute: () => inside, path: '/admin', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/admin/admin.tsx')) })
const audit = createRoute({ getParentRoute: () => inside, path: '/audit', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/audit/audit.tsx')) })
const notices = createRoute({ getParentRoute: () => inside, path: '/notices', validateSearch: readPlain, component: lazyRouteComponent(() => import('./pages/notices/notices.tsx')) })
const settings = createRoute({ getParentRoute: () => inside, path: '/settings', component: lazyRouteComponent(() => import('./pages/settings/settings.tsx')) })
const help = createRoute({ getParentRoute: () => inside, path: '/help', component: lazyRouteComponent(() => import('./pages/help/help.tsx')) })
const elsewhere = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound })

export const router = createRouter({
  routeTree: root.addChildren([login, verify, inside.addChildren([inbox, cases, caseFile, services, apply, documents, drafts, myCase, board, plan, desk, roster, detentions, admin, audit, notices, settings, help, elsewhere])]),
  // What an address does not mean to say is dropped, not handed on to the API.
  search: { strict: true },
  defaultPreload: 'intent',
  // Each page has its own, so that the frame with the menu stays.
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
