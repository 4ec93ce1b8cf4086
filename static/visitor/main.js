// Keeps a word in a cookie for a year: the visitor's opaque id, so that a refresh or tomorrow finds the same runs, or the
// language, whose page is then loaded anew.
export default function (component) {
  const { name, id, reload } = component.data;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(id)}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
  if (reload) location.reload();
}
