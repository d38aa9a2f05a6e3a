// Where a request is written. What is typed stays here until it is sent, so that no key waits for the network.
export default {
  props: { busy: Boolean, conversation: String, most: Number },
  emits: ["send", "stop"],
  data() {
    return { text: "" };
  },
  watch: {
    conversation(id) {
      // So that a reload, and a bookmark, come back to it.
      history.replaceState(history.state, "", `?conversation=${id}`);
    },
    busy(busy) {
      if (!busy) this.$refs.request.focus();
    },
  },
  mounted() {
    this.$refs.request.focus();
    const page = document.scrollingElement;
    const isAtEnd = () => page.scrollHeight - page.scrollTop - page.clientHeight < 160;
    const goToEnd = () => page.scrollTo({ top: page.scrollHeight });
    let follows = true;
    addEventListener("scroll", () => (follows = isAtEnd()), { passive: true });
    this.observer = new MutationObserver(() => follows && goToEnd());
    this.observer.observe(document.querySelector(".turns"), { childList: true, subtree: true, characterData: true });
    goToEnd();
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    send() {
      if (this.busy || !this.text.trim()) return;
      this.$emit("send", this.text);
      this.text = "";
      this.$nextTick(this.fit);
      document.scrollingElement.scrollTo({ top: document.scrollingElement.scrollHeight });
    },
    key(event) {
      // An Enter that ends the choice of a Japanese or Chinese word is not meant for us.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    },
    fit() {
      const area = this.$refs.request;
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight / 3)}px`;
    },
  },
  render() {
    const h = Vue.h;
    const send = h("button", { type: "submit", disabled: this.busy }, "Send");
    const stop = h("button", { type: "button", class: "stop", onClick: () => this.$emit("stop") }, "Stop");
    const submit = (event) => {
      event.preventDefault();
      this.send();
    };
    return h("form", { class: "composer", onSubmit: submit }, [
      h("label", { for: "request" }, "What do you want to know or to change?"),
      h("textarea", {
        id: "request",
        ref: "request",
        rows: 1,
        maxlength: this.most,
        value: this.text,
        "aria-describedby": "request-keys",
        placeholder: "Log a call with Maria Lopez: she wants the proposal by Friday",
        onInput: (event) => {
          this.text = event.target.value;
          this.fit();
        },
        onKeydown: this.key,
      }),
      this.busy ? stop : send,
      h("p", { id: "request-keys", class: "about" }, "Enter sends, Shift and Enter begin a new line."),
    ]);
  },
};
