// The two buttons under a proposal. They disappear with the decision; only a person's own press gets this far.
export default {
  props: { name: String, busy: Boolean },
  emits: ["approve", "reject"],
  data() {
    return { reason: "" };
  },
  render() {
    const h = Vue.h;
    const reject = (event) => {
      event.preventDefault();
      this.$emit("reject", this.reason);
    };
    const approve = { type: "button", class: "approve", disabled: this.busy, onClick: () => this.$emit("approve") };
    return h("form", { class: "decision", onSubmit: reject }, [
      h("button", approve, "Approve"),
      h("input", {
        type: "text",
        maxlength: 500,
        autocomplete: "off",
        placeholder: "Why not?",
        "aria-label": "Why it is rejected",
        value: this.reason,
        onInput: (event) => (this.reason = event.target.value),
      }),
      h("button", { type: "submit", class: "quiet", disabled: this.busy }, "Reject"),
    ]);
  },
};
