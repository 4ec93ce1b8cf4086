// Keeps the visitor's opaque id in a cookie for a year, so that a refresh or tomorrow finds the same runs.
export default function (component) {
  const { name, id } = component.data;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(id)}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
}
