var e=document.documentElement;e.classList.add("js");try{let t=localStorage.getItem("theme");(t==="dark"||t==="light")&&e.setAttribute("data-bs-theme",t)}catch{}
