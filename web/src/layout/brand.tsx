import { Link } from '@tanstack/react-router'

/** The product's mark: a shield with a tick, and its name. */
export function Brand() {
  return (
    <Link to="/" className="brand" aria-label="安心，护企优商工作台，首页">
      <Shield />
      <span><strong>安心</strong><small>护企优商工作台</small></span>
    </Link>
  )
}

export function Shield({ size = 30 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path fill="#1a56b0" stroke="#9fc0f5" strokeWidth="1.500" d="M16 2 28 6.500v9.500c0 7.500-5.200 12-12 14.500C9.200 28 4 23.500 4 16V6.500z" />
      <path fill="none" stroke="#fff" strokeWidth="2.800" strokeLinecap="round" strokeLinejoin="round" d="m10.500 16 4 4 7-7.500" />
    </svg>
  )
}
