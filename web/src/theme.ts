/** How it looks: a restrained deep blue; red and amber are kept for cards and refusals. */
import type { ThemeConfig } from 'antd'

/** The ground of the menu. */
export const NAVY = '#0f2a4f'

export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1a56b0',
    colorInfo: '#1a56b0',
    colorLink: '#1a56b0',
    colorLinkHover: '#123f85',
    colorSuccess: '#1b7a4b',
    colorWarning: '#a35a00',
    colorError: '#c0262d',
    // Derived from such dark colours the grounds of tags and alerts would be grey.
    colorInfoBg: '#eef4fd', colorInfoBorder: '#b9d0f2', colorSuccessBg: '#edf7f1', colorSuccessBorder: '#b4dcc6', colorWarningBg: '#fff6e5', colorWarningBorder: '#f2cf92', colorErrorBg: '#fdf0f0', colorErrorBorder: '#f0b8ba',
    colorTextBase: '#1c2733',
    // The defaults are too faint for WCAG 2.2 AA on white.
    colorTextSecondary: 'rgba(28, 39, 51, 0.78)',
    colorTextTertiary: 'rgba(28, 39, 51, 0.72)',
    colorTextDescription: 'rgba(28, 39, 51, 0.74)',
    colorTextPlaceholder: 'rgba(28, 39, 51, 0.66)',
    colorTextQuaternary: 'rgba(28, 39, 51, 0.62)',
    colorTextDisabled: 'rgba(28, 39, 51, 0.6)',
    colorBgLayout: '#f3f5f8',
    borderRadius: 6,
    fontFamily: `-apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif`,
    fontSize: 14,
    controlHeight: 34,
    // Nothing moves or fades for whoever has asked their system for that.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.18s',
  },
  components: {
    Layout: { siderBg: NAVY, headerBg: '#ffffff', headerPadding: '0 24px', headerHeight: 56 },
    Menu: { darkItemBg: NAVY, darkItemSelectedBg: '#1a56b0', darkItemColor: 'rgba(255, 255, 255, 0.82)', darkItemHoverBg: 'rgba(255, 255, 255, 0.08)', itemHeight: 42 },
    Table: { headerBg: '#f7f9fc', headerColor: 'rgba(28, 39, 51, 0.85)', headerSplitColor: 'transparent', rowHoverBg: '#f0f5fd', cellPaddingBlock: 12, cellPaddingInlineMD: 16 },
    Card: { headerHeight: 48 },
  },
}
