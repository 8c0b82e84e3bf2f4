import { useData } from "vitepress";
import { h, onMounted, ref, watch } from "vue";

/** Mermaid derives its other colours from these. */
const LIGHT = {
  background: "#ffffff",
  primaryColor: "#e3f0ee",
  primaryTextColor: "#16211f",
  primaryBorderColor: "#0b6b66",
  lineColor: "#53605c",
  textColor: "#16211f",
  noteBkgColor: "#f5f6f4",
  noteTextColor: "#16211f",
  noteBorderColor: "#8a9490",
  edgeLabelBackground: "#ffffff",
};
const DARK = {
  darkMode: true,
  background: "#1b1b1f",
  primaryColor: "#1c4541",
  primaryTextColor: "#e7efec",
  primaryBorderColor: "#5fd4c6",
  lineColor: "#a3b2ad",
  textColor: "#e7efec",
  noteBkgColor: "#2b3533",
  noteTextColor: "#e7efec",
  noteBorderColor: "#6b7a76",
  edgeLabelBackground: "#1b1b1f",
};

let number = 0;

/** A picture from Mermaid's text, drawn anew when the reader changes between dark and light. */
export const MermaidPicture = {
  props: { source: { type: String, required: true } },
  setup({ source }) {
    const text = decodeURIComponent(source);
    const { isDark } = useData();
    const svg = ref("");
    const draw = async () => {
      const { default: mermaid } = await import("mermaid");
      mermaid.initialize({
        startOnLoad: false,
        theme: "base",
        themeVariables: isDark.value ? DARK : LIGHT,
        fontFamily: getComputedStyle(document.body).fontFamily,
        sequence: { mirrorActors: false, useMaxWidth: true },
      });
      svg.value = (await mermaid.render(`mermaid-${++number}`, text)).svg;
    };
    onMounted(() => watch(isDark, draw, { immediate: true }));
    // Without script the reader gets the text, which says the same.
    return () =>
      svg.value
        ? h("div", {
            class: "mermaid",
            tabindex: 0,
            role: "group",
            "aria-label": "Diagram",
            innerHTML: svg.value,
          })
        : h("pre", text);
  },
};
