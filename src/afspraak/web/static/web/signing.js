/* Signing by passkey: asks the server what is to be signed, the passkey for its signature, and hands it in. */
"use strict";
(() => {
  const form = document.getElementById("sign-by-passkey");
  if (!form || !window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (data) => btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const failed = form.querySelector("[role=alert]");
  const say = (words) => { failed.textContent = words; failed.hidden = false; };
  const asked = async () => {
    const answer = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.fault);
    return { ...told, challenge: bytes(told.challenge), allowCredentials: told.allowCredentials.map((each) => ({ ...each, id: bytes(each.id) })) };
  };
  const told = (credential) => JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {},
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      authenticatorData: text(credential.response.authenticatorData),
      signature: text(credential.response.signature),
    },
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const publicKey = await asked();
      form.elements.credential.value = told(await navigator.credentials.get({ publicKey }));
      form.submit();
    } catch (fault) {
      say(fault.name === "Error" && fault.message ? fault.message : failed.dataset.failed);
    }
  });
})();
