import { join } from 'node:path'
import type { Config } from '../config.ts'

/** Prints what a newcomer needs once everything runs: addresses, how to sign in, what to look at. */
export function printSummary(config: Config, { devLogin, seconds }: { devLogin: boolean; seconds: number }): void {
  const url = config.publicUrl
  const redCases = `${config.temporalUiUrl}/namespaces/${config.temporalNamespace}/workflows?query=${encodeURIComponent("Card='red'")}`
  const signIn = devLogin
    ? `  登录 · Sign in（示例登录 ANXIN_DEV_LOGIN=1 已开启，仅供试用 · for trying out only, no password）
    打开工作台，点选一名示例人员 · open the workbench and click on a sample person
    curl ${url}/api/dev/login --json '{"person":"office-leader"}'   程序用的令牌 · a token for programs`
    : `  登录 · Sign in：${config.oidcClient ? `通过 ${config.oidc?.issuer} · by that issuer` : config.oidc ? `只有程序，使用 ${config.oidc.issuer} 签发的令牌 · only programs, with a token of that issuer (set OIDC_CLIENT_ID)` : '未开启 · off (set OIDC_ISSUER and OIDC_AUDIENCE)'}`
  console.log(`
✓ 安心已就绪，用时 ${seconds.toFixed(1)} 秒 · anxin is up in ${seconds.toFixed(1)} s

  工作台 · Workbench           ${url}
  接口文档 · API docs          ${url}/docs
  流程监看 · Temporal Web UI   ${config.temporalUiUrl}
  日志 · logs                  ${join(config.dataDir, 'logs')}

${signIn}

  看什么 · What to look at
    工作台：以护航办看督办看板，以值班民警分流，以企业联系人办事 · the workbench: as 护航办 the supervisors' board, as 值班 the desk, as 企业 an application
    流程监看中打开任一案件：每一步办理、时限与提醒 · open a case in the Web UI: every step, deadline and reminder
    红牌案件 · cases with a red card   ${redCases}

  Ctrl-C 停止，案件保留 · Ctrl-C stops, cases are kept
`)
}
