import { join } from 'node:path'
import type { Config } from '../config.ts'

/** Prints what a newcomer needs once everything runs: addresses, how to sign in, what to look at. */
export function printSummary(config: Config, { devLogin, seconds }: { devLogin: boolean; seconds: number }): void {
  const url = config.publicUrl
  const redCases = `${config.temporalUiUrl}/namespaces/${config.temporalNamespace}/workflows?query=${encodeURIComponent("Card='red'")}`
  const signIn = devLogin
    ? `  登录 · Sign in（示例登录 ANXIN_DEV_LOGIN=1 已开启：无需密码，仅供试用 · for trying out only, no password）
    curl ${url}/api/dev/people                              示例人员 · the sample people
    curl ${url}/api/dev/login --json '{"person":"office-leader"}'   取得令牌 · a token for 护航办
    curl ${url}/api/tasks?view=candidate -H "Authorization: Bearer <token>"`
    : `  登录 · Sign in：${config.oidc ? `使用 ${config.oidc.issuer} 签发的令牌 · with a token of that issuer` : '未开启 · off (set OIDC_ISSUER and OIDC_AUDIENCE)'}`
  console.log(`
✓ 安心已就绪，用时 ${seconds.toFixed(1)} 秒 · anxin is up in ${seconds.toFixed(1)} s

  接口文档 · API docs          ${url}/docs
  流程监看 · Temporal Web UI   ${config.temporalUiUrl}
  日志 · logs                  ${join(config.dataDir, 'logs')}

${signIn}

  看什么 · What to look at
    流程监看中打开任一案件：每一步办理、时限与提醒 · open a case in the Web UI: every step, deadline and reminder
    红牌案件 · cases with a red card   ${redCases}

  Ctrl-C 停止，案件保留 · Ctrl-C stops, cases are kept
`)
}
