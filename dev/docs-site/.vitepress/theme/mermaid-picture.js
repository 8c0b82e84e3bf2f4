import { useData } from "vitepress";
import { h, onMounted, ref, watch } from "vue";

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
        theme: isDark.value ? "dark" : "neutral",
        fontFamily: "inherit",
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
