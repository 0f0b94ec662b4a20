/* Asks the browser for a passkey and sends its answer with the form.

   data-passkey      (form) what to ask for, as the server wrote it
   data-passkey-do   (form) "create" makes a passkey, "get" signs with one
   data-failed       (form) what is said where nothing came of it
   data-said         where it is said                                                              */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function question(said) {
  const asked = JSON.parse(said).publicKey;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of [asked.excludeCredentials, asked.allowCredentials]) {
    list?.forEach((each) => { each.id = bytes(each.id); });
  }
  return asked;
}

function written(credential) {
  const parts = PARTS.filter((name) => credential.response[name]).map((name) => [name, text(credential.response[name])]);
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    response: Object.fromEntries(parts), clientExtensionResults: {},
  });
}

async function ask(form, submitter) {
  const place = form.querySelector("[data-said]");
  place.textContent = "";
  try {
    const given = await navigator.credentials[form.dataset.passkeyDo]({ publicKey: question(form.dataset.passkey) });
    form.elements.answer.value = written(given);
  } catch {
    place.textContent = form.dataset.failed;
    return;
  }
  form.requestSubmit(submitter);
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (form.reportValidity()) ask(form, event.submitter);
  });
});
