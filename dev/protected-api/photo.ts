/** Draws a portrait for a user. Each name has its own colours. */
export function drawPhoto(name: string): string {
  const hue = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 360, 7);
  const initials = name
    .split(" ")
    .map((word) => word.charAt(0))
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="0 0 240 240">
  <defs>
    <linearGradient id="sky" x2="0.4" y2="1">
      <stop stop-color="hsl(${hue} 70% 32%)"/>
      <stop offset="1" stop-color="hsl(${(hue + 60) % 360} 75% 62%)"/>
    </linearGradient>
    <clipPath id="frame"><rect width="240" height="240" rx="28"/></clipPath>
  </defs>
  <g clip-path="url(#frame)">
    <rect width="240" height="240" fill="url(#sky)"/>
    <circle cx="178" cy="66" r="30" fill="hsl(${(hue + 40) % 360} 95% 85%)"/>
    <path d="M0 190 Q60 130 120 178 T240 160 V240 H0Z" fill="hsl(${hue} 55% 22%)" opacity="0.55"/>
    <path d="M0 214 Q70 172 140 206 T240 196 V240 H0Z" fill="hsl(${hue} 60% 14%)" opacity="0.7"/>
  </g>
  <text x="28" y="128" font-family="system-ui, sans-serif" font-size="76" font-weight="700" fill="#fff">${initials}</text>
</svg>`;
}
