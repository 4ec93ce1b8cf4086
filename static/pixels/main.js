// One small picture, enlarged so that every pixel is a sharp square. It is swapped only once the next one is decoded.
const views = new WeakMap();

/** Streamlit's entry point. data: { url, alt, size } with the size in CSS pixels. */
export default function (component) {
  const parent = component.parentElement;
  if (!views.has(parent)) views.set(parent, mount(parent));
  show(views.get(parent), component.data);
  return () => {
    views.get(parent)?.remove();
    views.delete(parent);
  };
}

function mount(parent) {
  const img = document.createElement("img");
  img.className = "pixels";
  img.draggable = false;
  parent.append(img);
  return img;
}

async function show(img, { url, alt, size }) {
  img.alt = alt;
  img.title = alt;
  img.width = img.height = size;
  if (img.wanted === url) return;
  img.wanted = url;
  const next = new Image();
  next.src = url;
  await next.decode();
  if (img.wanted === url) img.src = url;
}
