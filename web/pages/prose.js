// HTML that the server made of Markdown, cleaned once more. No template: the page's policy forbids compiling one.
export default {
  props: { markup: String },
  watch: {
    markup(markup) {
      this.$el.setHTML(markup);
    },
  },
  mounted() {
    this.$el.setHTML(this.markup);
  },
  render() {
    return Vue.h("div");
  },
};
